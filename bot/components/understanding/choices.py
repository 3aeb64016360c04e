"""What a few words mean when one of a few answers was asked for."""

from __future__ import annotations

# 二, 二级, 是二的: a grade; 一年, 一个月, 四百: none.
_GRADE = r"(?:级|(?=$|[,。;!? 的嘛吧哈呀啊呢]))"
CHOICES: dict[str, list[tuple[str, str]]] = {
    "housing": [
        (r"公(?:租|家)|廉租|政府的", "公租房"),
        (r"租", "租房"),
        (r"没(?:有|得)?|无|借住|寄住", "无房"),
        (r"买|商品|按揭|电梯房|单位房", "商品房"),
        (r"危|漏|裂|烂|快垮|快塌", "危房"),
        (r"自(?:己|家|建)|盖的|修的|祖|老(?:瓦|土)?房|瓦房|砖房|平房|土房|木房|宅基地", "自建房"),
    ],
    "hukou": [
        (r"外|不在|没迁|异地|别的", "nonlocal"),
        (r"(?<!非)农|乡|村", "rural"),
        (r"非农|城|镇|居民|街|市", "urban"),
    ],
    "marital": [
        (r"离", "离异"),
        (r"丧|死|去世|过世|走了|没了|不在", "丧偶"),
        (r"没(?:有)?(?:结|成|娶|嫁)|未|单身|光棍|一个人|单", "单身"),
        (r"结|已|有老|在一起|夫妻|再婚|成家", "已婚"),
    ],
    "self_care": [
        (r"不(?:能|行|得|会)|要人|要(?:靠|别)|靠人|瘫|没法|需要|离不|半自理|部分", "不能自理"),
        (r"能|可以|会|得行|自己", "能自理"),
    ],
    "disability_level": [
        (rf"(?<![\d十百千])[一1]{_GRADE}", "一级"),
        (rf"(?<![\d十百千])[二2两]{_GRADE}", "二级"),
        (rf"(?<![\d十百千])[三3]{_GRADE}", "三级"),
        (rf"(?<![\d十百千])[四4]{_GRADE}", "四级"),
    ],
    "disability_type": [
        (r"腿|脚|手|腰|胳膊|走路|肢", "肢体"),
        (r"眼|看不|瞎|盲|视", "视力"),
        (r"耳|听|聋", "听力"),
        (r"说话|哑|言语|语言", "言语"),
        (r"智|傻|呆|脑子", "智力"),
        (r"精神|疯|癫|神经", "精神"),
    ],
    "student_stage": [
        (r"幼儿|学前", "学前"),
        (r"小", "小学"),
        (r"初", "初中"),
        (r"中专|职|技校", "中职"),
        (r"高", "高中"),
        (r"大|本科|专科", "大学"),
        (r"研", "研究生"),
    ],
}
EMPTY: dict[str, object] = {
    "disease": "无",
    "disability_level": "无",
    "disability_type": "无",
    "student_stage": "无",
    "receiving": [],
    "disaster": "无",
    "accident": "无",
    "housing": "无房",
    "for_relation": "本人",
}
#: Short replies that settle a yes-or-no question in words of their own.
#: None: words that sound like a yes and answer something else.
FLAG_WORDS: dict[str, list[tuple[str, bool | None]]] = {
    "car": [(r"卖(?:了|掉|出去)|报废|买不起|抵债", False)],
    "critical_illness_insured": [
        (
            r"(?:^|有|交|买|是|参加)(?:了|着|过|的)?(?:城乡|城镇|职工|居民)*(?:医保|新农合|合作医疗|医疗保险)[的了吧嘛]*$",
            None,
        ),
        (r"(?<!没)(?<!没有)(?<!不)(?:报|享受|走|赔)(?:销)?(?:了|过|的|上|到)", True),
    ],
}
