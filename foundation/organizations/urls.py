"""Addresses of accounts, posts and the liaison register."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from foundation.organizations import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="password"),
    path("account/organ/", views.choose_organ, name="choose_organ"),
    path("liaisons/", views.liaison_register, name="liaison_register"),
    path("liaisons/<int:organ_id>/new/", views.liaison_edit, name="liaison_edit"),
    path("liaisons/<int:entry_id>/end/", views.liaison_end, name="liaison_end"),
    path("people/", views.people, name="people"),
    path("people/new/", views.account_new, name="account_new"),
    path("people/posts/new/", views.post_new, name="post_new"),
    path("people/accounts/<int:user_id>/disable/", views.account_disable, name="account_disable"),
    path("people/<int:membership_id>/leave/", views.leave, name="leave"),
]
