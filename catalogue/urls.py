"""Addresses of the catalogue's pages."""

from django.urls import path

from catalogue.views import items, lists, sheets

urlpatterns = [
    path("catalogue/", lists.catalogue, name="catalogue"),
    path("catalogue/export/", lists.catalogue_export, name="catalogue_export"),
    path("catalogue/coverage/", lists.catalogue_coverage, name="catalogue_coverage"),
    path("catalogue/map/", items.catalogue_map, name="catalogue_map"),
    path("catalogue/items/new/", items.item_new, name="catalogue_item_new"),
    path("catalogue/items/<int:pk>/", items.item_page, name="catalogue_item"),
    path("catalogue/items/<int:pk>/alter/", items.item_alter, name="catalogue_item_alter"),
    path("catalogue/items/<int:pk>/handling/", items.item_add_handling, name="catalogue_item_handling"),
    path("catalogue/items/<int:pk>/powers/", items.item_grant_power, name="catalogue_item_power"),
    path("catalogue/items/<int:pk>/powers/<int:power>/end/", items.power_end, name="catalogue_power_end"),
    path("catalogue/items/<int:pk>/transfer/", items.item_transfer, name="catalogue_item_transfer"),
    path("catalogue/items/<int:pk>/end/", items.item_end, name="catalogue_item_end"),
    path("catalogue/import/", sheets.catalogue_import, name="catalogue_import"),
    path("catalogue/import/<int:pk>/", sheets.catalogue_import_page, name="catalogue_import_page"),
    path("catalogue/import/<int:pk>/apply/", sheets.catalogue_import_apply, name="catalogue_import_apply"),
    path("catalogue/import/<int:pk>/bad/", sheets.catalogue_import_bad, name="catalogue_import_bad"),
    path("public/<str:code>/catalogue/", lists.public_catalogue, name="public_catalogue"),
    path("public/<str:code>/catalogue/<int:pk>/", lists.public_item, name="public_item"),
]
