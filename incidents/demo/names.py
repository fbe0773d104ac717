"""Invented names of people, the same on every machine."""

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚英华玉萍红玲建国志文海燕春梅桂云秀珍凤宁欣怡雨晨浩然子轩佳琪思远博文雅婷晓东立"
    "新振华学兵德胜长江永康"
)


def names(seed: str) -> "Names":
    return Names(random.Random(seed))


class Names:
    """An endless, repeatable row of invented two- and three-character names."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def next(self) -> str:
        given = "".join(self._rng.sample(GIVEN, self._rng.choice((1, 2, 2, 2))))
        return self._rng.choice(SURNAMES) + given

    def phone(self) -> str:
        """A number of the 199 0000 xxxx kind: plainly invented."""
        return f"1990000{self._rng.randrange(10_000):04d}"
