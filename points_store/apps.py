from django.apps import AppConfig


class PointsStoreConfig(AppConfig):
    name = "points_store"
