from __future__ import annotations

from django.urls import path

from rewards.api import views

urlpatterns = [
    path("rewards/", views.RewardList.as_view()),
    path("rewards/<int:reward_id>/", views.RewardDetail.as_view()),
    path("redemptions/", views.RedemptionList.as_view()),
    path("redemptions/<int:redemption_id>/", views.RedemptionDetail.as_view()),
    path("redemptions/<int:redemption_id>/void/", views.RedemptionVoid.as_view()),
]
