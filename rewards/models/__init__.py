from rewards.models.counter import (
    ParkedBasket,
    Redemption,
    RedemptionLine,
    RedemptionPayment,
)
from rewards.models.shelf import Barcode, Category, Goal, PriceChange, Reward, StockMovement

__all__ = [
    "Barcode",
    "Category",
    "Goal",
    "ParkedBasket",
    "PriceChange",
    "Redemption",
    "RedemptionLine",
    "RedemptionPayment",
    "Reward",
    "StockMovement",
]
