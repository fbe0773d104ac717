"""This room's addresses below /api/v1/: one for each step of an order, so that the description says what each takes."""

from django.urls import path

from supervision import api, api_cards

urlpatterns = [
    path("supervision/cases", api.WatchedCases.as_view(), name="api_supervision_cases"),
    path("supervision/spread", api.SpreadView.as_view(), name="api_supervision_spread"),
    path("supervision/urge", api.UrgeView.as_view(), name="api_supervision_urge"),
    path("supervision/orders", api.OrderList.as_view(), name="api_supervision_orders"),
    path("supervision/orders/<int:pk>", api.OrderDetail.as_view(), name="api_supervision_order"),
    *[
        path(f"supervision/orders/<int:pk>/{code}", view.as_view(), name=f"api_order_{code}")
        for code, view in api.step_views().items()
    ],
    path("supervision/cards", api_cards.CardList.as_view(), name="api_supervision_cards"),
    path("supervision/cards/<int:pk>", api_cards.CardDetail.as_view(), name="api_supervision_card"),
    path("supervision/cards/<int:pk>/lift", api_cards.LiftView.as_view(), name="api_card_lift"),
    path("supervision/card-rules", api_cards.CardRules.as_view(), name="api_card_rules"),
    path(
        "supervision/card-rules/<int:pk>", api_cards.CardRuleDetail.as_view(), name="api_card_rule"
    ),
]
