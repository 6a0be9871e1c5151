from __future__ import annotations

from django.urls import path

from volunteers.api import views

urlpatterns = [
    path("volunteers/", views.VolunteerList.as_view()),
    path("volunteers/<int:member_no>/", views.VolunteerDetail.as_view()),
    path("volunteers/<int:member_no>/statement/", views.VolunteerStatement.as_view()),
    path("rules/", views.RuleList.as_view()),
    path("activities/", views.ActivityList.as_view()),
    path("activities/<int:activity_id>/", views.ActivityDetail.as_view()),
    path("service-records/", views.ServiceRecordList.as_view()),
    path("service-records/<int:service_record_id>/", views.ServiceRecordDetail.as_view()),
    path("service-records/<int:service_record_id>/confirm/", views.ServiceRecordConfirm.as_view()),
    path("service-records/<int:service_record_id>/decline/", views.ServiceRecordDecline.as_view()),
    path("service-records/<int:service_record_id>/void/", views.ServiceRecordVoid.as_view()),
]
