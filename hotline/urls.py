"""Pages of this room, mounted at /hotline/."""

from django.urls import path

from hotline.pages import desk, drafts, orders, tiers, training

app_name = "hotline"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("ringing/", desk.ringing_now, name="ringing"),
    path("calls/<int:pk>/answer/", desk.answer_call, name="answer"),
    path("new/", desk.begin_order, name="new"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/save/", drafts.save, name="save"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard"),
    path("hints/", drafts.hints, name="hints"),
    path("places/", drafts.places, name="places"),
    path("caller/", drafts.caller, name="caller"),
    path("orders/", orders.orders, name="orders"),
    path("todo/", orders.todo, name="todo"),
    path("visits/", orders.visits, name="visits"),
    path("tiers/", tiers.tiers, name="tiers"),
    path("tiers/<slug:code>/", tiers.tier, name="tier"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/steps/<str:code>/", orders.step, name="step"),
    path("orders/<str:number>/photos/", orders.add_photos, name="photos"),
    path("orders/<str:number>/photos/<int:photo_id>/<str:size>/", orders.photo, name="photo"),
    path("trainings/", training.trainings, name="trainings"),
    path("trainings/start/", training.start, name="training_start"),
    path("trainings/<int:pk>/", training.training, name="training"),
]
