"""What stands on the demo shop's shelf, and what earns points."""

from __future__ import annotations

from typing import NamedTuple


class Good(NamedTuple):
    """One reward: stock is what is left after the story's 80 goods went out."""

    name: str
    symbol: str
    category: str
    price_points: int
    cost_fen: int
    stock: int
    measure: str
    code: str


GOODS = (
    Good("香皂", "soap", "日用", 5, 450, 40, "块", "6900230000013"),
    Good("牙膏 两支装", "paste", "日用", 8, 900, 26, "盒", "6900230000020"),
    Good("纯棉毛巾", "towel", "日用", 10, 990, 32, "条", "6900230000037"),
    Good("作业本 十本", "notebook", "文具", 10, 800, 15, "套", "6900230000044"),
    Good("搪瓷盆", "basin", "家居", 18, 1900, 10, "个", ""),
    Good("晴雨伞", "umbrella", "日用", 20, 2200, 0, "把", "6900230000068"),
    Good("洗衣液 2公斤", "soapy", "日用", 25, 2490, 14, "瓶", "6900230000075"),
    Good("充电手电", "torch", "家居", 25, 2600, 8, "支", "6900230000082"),
    Good("茯茶 1公斤", "tea", "粮油茶", 30, 3200, 18, "块", "6900230000099"),
    Good("青稞面 5公斤", "barley", "粮油茶", 40, 3800, 11, "袋", ""),
    Good("保温饭盒", "lunch", "厨房", 40, 4200, 3, "个", "6900230000112"),
    Good("保温杯", "cup", "厨房", 45, 4500, 7, "个", "6900230000129"),
    Good("暖水瓶 2升", "flask", "厨房", 55, 5200, 5, "个", "6900230000136"),
    Good("不锈钢水壶 5升", "kettle", "厨房", 60, 5800, 6, "个", "6900230000143"),
    Good("大米 10公斤", "rice", "粮油茶", 70, 6800, 2, "袋", ""),
    Good("菜籽油 5升", "oil", "粮油茶", 80, 7900, 9, "桶", "6900230000167"),
    Good("电饼铛", "bowl", "厨房", 150, 14900, 2, "台", "6900230000174"),
    Good("高压锅", "cooker", "厨房", 200, 19900, 3, "口", "6900230000181"),
)
CATEGORIES = ("日用", "厨房", "粮油茶", "家居", "文具")


class Rule(NamedTuple):
    name: str
    per_occasion_points: int
    per_hour_points: int
    symbol: str


RULES = (
    Rule("参与社区环境卫生整治", 2, 0, "broom"),
    Rule("义务帮助他人、解决困难诉求", 3, 0, "hand"),
    Rule("邻里纠纷调解（糌粑调解室）", 0, 3, "talk"),
    Rule("点亮微心愿", 5, 0, "star"),
    Rule("图书室值班", 0, 2, "book"),
    Rule("冬季清雪", 0, 2, "broom"),
)
