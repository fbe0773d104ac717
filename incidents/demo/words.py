"""What people write: sentences for demonstration cases, by class of the catalogue."""

import random

PLACES = (
    "{community}{n}号楼东侧", "{community}{n}门前", "{community}北门外便道", "{community}菜市场旁",
    "{community}小区{n}号楼与{m}号楼之间", "{community}公交站附近", "{community}活动广场西南角",
    "{community}配建停车场入口", "{community}幼儿园对面", "{community}{n}号楼{m}单元门口",
)  # fmt: skip

LINES: dict[str, tuple[str, ...]] = {
    "01": (
        "{place}发现{item}，已影响居民出行和环境卫生，请尽快处理。",
        "巡查时在{place}发现{item}，面积约{n}平方米，已拍照。",
        "居民反映{place}{item}多日无人管，气味较大，希望今天能清理。",
    ),
    "02": (
        "{place}{item}，夜间行人容易绊倒，请产权单位修复。",
        "{place}发现{item}，已放置临时警示标志。",
        "{place}{item}，雨后更明显，建议一并检查周边设施。",
    ),
    "03": ("{place}{item}，请园林养护单位处理。", "{place}发现{item}，影响行人通行和景观。"),
    "04": ("{place}{item}，早晚高峰时段堵得厉害。", "{place}发现{item}，存在交通安全隐患。"),
    "05": ("{place}{item}，附近居民反映强烈。", "夜间{place}{item}，持续约{n}天。"),
    "06": (
        "{place}{item}，存在安全隐患，请立即处置。",
        "入户走访时发现{place}{item}，已现场劝阻，需部门到场。",
        "{place}{item}，楼内老人较多，请消防和物业共同处理。",
    ),
    "07": ("{place}{item}，劝说无效，请协助处理。", "居民反映{place}{item}，早晚较多。"),
    "08": ("走访{place}一户居民，{item}，已登记，请相关部门跟进。",),
    "09": ("{place}两户居民因{item}发生争执，已初步劝解，请调解组织介入。",),
}

ANSWERS = (
    "已安排人员到场处置完毕，现场恢复正常，附照片。",
    "经核实情况属实，已于当日完成整改，并告知周边居民。",
    "养护队伍已修复，并对周边同类设施一并排查。",
    "已依法责令当事人改正，现场清理完毕，将加强巡查。",
)
CHECKS_PASS = ("现场已恢复，与反馈一致。", "复查无遗留问题。", "已处置到位，居民表示认可。")
CHECKS_FAIL = ("现场仍有残留，未达到结案标准。", "只处理了一部分，请继续整改。")
RETURNS = ("该设施产权不属我单位，请改派产权单位。", "经核实位置属相邻街道管辖，申请退件。")
COMMENTS = ("已电话联系反映人，约定今天下午到现场。", "相邻小区也有类似情况，建议一并处理。")
EXTENSIONS = ("配件采购需要时间，申请延期。", "连续降雨无法施工，申请延期处置。")
SUSPENSIONS = ("需等供热期结束后开挖施工。", "已列入年度改造计划，待资金到位后实施。")
RATINGS = ("处理得很快，谢谢。", "问题解决了，希望以后多巡查。", "还可以，就是时间稍长。")


def place(rng: random.Random, community: str) -> str:
    name = community.removesuffix("社区居委会").removesuffix("居委会")
    return rng.choice(PLACES).format(community=name, n=rng.randrange(1, 28), m=rng.randrange(1, 9))


def report_text(rng: random.Random, class_code: str, item: str, where: str) -> str:
    line = rng.choice(LINES.get(class_code, LINES["01"]))
    return line.format(place=where, item=item, n=rng.randrange(2, 20))
