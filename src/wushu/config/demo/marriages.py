"""Marriage registrations: an entry that is listed, with its reason, and not opened."""

from __future__ import annotations

from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

FIELDS = (
    FieldSpec(
        name="registered_on",
        type=FieldType.DATE,
        format="%Y-%m-%d",
        title_zh="登记日期",
        title_en="Date of registration",
        description=d.both("婚姻登记的日期。", "Day on which the marriage was registered."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="office",
        title_zh="登记机关",
        title_en="Registry office",
        description=d.both("办理登记的机关。", "The office that registered it."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="person_a",
        title_zh="当事人一",
        title_en="First person",
        description=d.both(
            "姓名与证件号码，个人信息。", "Name and identity number: personal data."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="person_b",
        title_zh="当事人二",
        title_en="Second person",
        description=d.both(
            "姓名与证件号码，个人信息。", "Name and identity number: personal data."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
)


def dataset() -> d.DemoDataset:
    """Metadata only: the public learns that it exists and why it stays closed."""
    return d.DemoDataset(
        slug="marriage-registrations",
        body="civil",
        metadata=Metadata(
            title_zh="婚姻登记信息",
            title_en="Marriage registrations",
            description_zh=(
                "婚姻登记机关办理结婚、离婚登记形成的记录。目录只说明有这项数据和不开放的理由，"
                "本平台不存放数据。当事人可向登记机关查阅本人的档案。"
            ),
            description_en=(
                "Records of marriages and divorces kept by the registry offices. The entry says that they "
                "exist and why they are not opened; no rows are kept here. Those concerned may see their "
                "own file at the registry office."
            ),
            keywords=("婚姻登记", "民政", "个人信息", "marriage"),
            theme="GOVE",
            attribute=Attribute.NONE,
            attribute_reason="全部内容为可识别个人的婚姻信息，公开会侵害个人隐私，脱敏后失去意义。",
            attribute_basis=(
                "《中华人民共和国个人信息保护法》第二十五条；《中华人民共和国政府信息公开条例》第十五条"
            ),
            update_cycle="DAILY",
            spatial="329900",
            source_note=d.both(
                "示范条目，没有数据；为说明不予开放的写法而设。",
                "An example without data, to show how an entry that is not opened is written.",
            ),
            contact_name="区划地名科",
            contact_email="civil@demo.wushu.example",
        ),
        fields=FIELDS,
    )
