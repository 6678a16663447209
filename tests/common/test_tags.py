"""The template tags every page may use."""

from django.template import Context, Template
from django.test import RequestFactory

from foundation.common.templatetags.ld import size_words


def _draw(source, address="/x/"):
    return Template(source).render(Context({"request": RequestFactory().get(address)}))


def test_a_page_that_does_not_exist_has_no_address():
    assert _draw("{% url_or_none 'no_such_page' %}") == ""
    assert _draw("{% url_or_none 'workbench' %}") == "/"


def test_a_changed_filter_starts_again_on_the_first_page():
    assert _draw("{% autoescape off %}{% query state='claimed' %}{% endautoescape %}", "/x/?q=a&page=3") == "?q=a&state=claimed"


def test_turning_the_page_keeps_the_filter():
    assert _draw("{% autoescape off %}{% query page=4 %}{% endautoescape %}", "/x/?q=a&page=3") == "?q=a&page=4"


def test_an_empty_value_takes_the_key_away():
    assert _draw("{% query q='' %}", "/x/?q=a") == "?"


def test_sizes_are_said_in_words():
    assert [size_words(one) for one in (None, 1, 12 * 1024, 3_565_158)] == ["", "1 KB", "12 KB", "3.4 MB"]
