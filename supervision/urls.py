"""Addresses of supervision tasks."""

from django.urls import path, re_path

from supervision import views

urlpatterns = [
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/export/", views.task_export, name="task_export"),
    path("tasks/<int:pk>/", views.task_page, name="task_page"),
    re_path(r"^tasks/(?P<pk>\d{1,18})/(?P<step>assign|act|finish|feed-back)/$", views.task_do, name="task_do"),
    path("tasks/of-push/<int:push_id>/", views.task_take_up, name="task_take_up"),
]
