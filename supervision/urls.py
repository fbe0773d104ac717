"""Pages of this room, mounted at /supervision/."""

from django.urls import path

from supervision.pages import cards, desk, orders

app_name = "supervision"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("urge/", desk.urge, name="urge"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", desk.new_order, name="new_order"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/steps/<str:code>/", orders.step, name="step"),
    path("cards/", cards.cards, name="cards"),
    path("cards/<int:pk>/", cards.card, name="card"),
    path("card-rules/", cards.rules, name="card_rules"),
    path("card-rules/new/", cards.new_rule, name="new_card_rule"),
    path("card-rules/<int:pk>/", cards.rule, name="card_rule"),
]
