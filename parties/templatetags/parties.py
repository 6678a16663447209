"""`{% load parties %}`: a party as pages show it, masked where the law asks for it."""

from django import template

from parties import masking

register = template.Library()
register.filter("shown_name", masking.shown_name)
register.filter("shown_code", masking.shown_code)
register.filter("shown_address", masking.shown_address)
register.filter("shown_representative", masking.shown_representative)
register.filter("masked_name", masking.masked_name)
register.filter("masked_number", masking.masked_number)
register.filter("masked_phone", masking.masked_phone)
register.filter("masked_address", masking.masked_address)
