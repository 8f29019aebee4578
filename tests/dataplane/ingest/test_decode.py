"""Which encoding a file is in: decided on evidence, asked when thin, never silently wrong."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.dataplane.ingest import decode, frequency
from wushu.dataplane.types import Evidence
from wushu.kernel.errors import Refusal

PROSE = "第一条 为了规范公共数据开放行为，促进公共数据应用创新，根据有关法律、法规，制定本细则。\n"
TRADITIONAL = (
    "第一條 為了規範公共資料開放行為，促進公共資料應用創新，根據有關法律、法規，制定本細則。\n"
)


@pytest.fixture
def written(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


def detected(path: Path, told: str = "") -> decode.Decoding:
    return decode.detect(path, "a.csv", told)


def text_of(path: Path, tmp_path: Path, told: str = "") -> str:
    target = tmp_path / "text"
    decode.write_utf8(path, detected(path, told), target, "a.csv")
    return target.read_bytes().decode()


@pytest.mark.parametrize(
    ("content", "encoding", "evidence"),
    [
        (PROSE.encode(), "utf-8", Evidence.STRICT),
        (b"a,b\n1,2\n", "utf-8", Evidence.STRICT),
        (codecs.BOM_UTF8 + PROSE.encode(), "utf-8", Evidence.BOM),
        (PROSE.encode("utf-16"), "utf-16-le", Evidence.BOM),
        (codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"), "utf-16-be", Evidence.BOM),
        (PROSE.encode("utf-32"), "utf-32-le", Evidence.BOM),
        (("a,b\n" + PROSE).encode("utf-16-le"), "utf-16-le", Evidence.NUL_PATTERN),
        (("a,b\n" + PROSE).encode("utf-16-be"), "utf-16-be", Evidence.NUL_PATTERN),
        (b"\x84\x31\x95\x33" + PROSE.encode("gb18030"), "gb18030", Evidence.BOM),
    ],
)
def test_the_encoding_is_found_by_its_evidence(written, tmp_path, content, encoding, evidence):
    path = written(content)
    found = detected(path)
    assert (found.encoding, found.evidence) == (encoding, evidence)
    text = text_of(path, tmp_path)
    assert not text.startswith("\ufeff")
    assert text.encode(encoding) == content[found.bom :]


@pytest.mark.parametrize(("text", "encoding"), [(PROSE, "gb18030"), (TRADITIONAL, "big5")])
def test_chinese_is_told_by_its_characters(written, tmp_path, text, encoding):
    path = written((text * 3).encode(encoding))
    found = detected(path)
    assert found.encoding == encoding
    assert text_of(path, tmp_path) == text * 3


def test_a_plain_reading_beats_mojibake_in_the_candidates(written):
    found = detected(written((TRADITIONAL * 3).encode("big5")))
    if len(found.candidates) > 1:
        assert found.candidates[0].score > found.candidates[1].score + 1


@pytest.mark.parametrize("told", ["gbk", "GB2312", "cp936", "gb18030"])
def test_subsets_of_gb18030_are_read_as_gb18030(written, told):
    path = written("镕,㐂\n".encode("gb18030"))
    assert detected(path, told).encoding == "gb18030"


def test_what_the_person_says_decides(written, tmp_path):
    path = written("R\u00e9union\n".encode("latin-1"))
    assert detected(path, "latin-1").evidence is Evidence.TOLD
    assert text_of(path, tmp_path, "latin-1") == "Réunion\n"


def test_a_told_encoding_that_does_not_fit_is_refused_with_the_place(written):
    path = written("a,b\n名,".encode() + b"\xff\n")
    with pytest.raises(Refusal) as caught:
        detected(path, "utf-8")
    assert caught.value.name == "undecodable"
    assert (caught.value.facts["offset"], caught.value.facts["line"]) == (8, 2)
    assert caught.value.facts["bytes"].startswith("ff")


@pytest.mark.parametrize("told", ["klingon", "rot13", "base64", "zlib"])
def test_what_is_no_text_encoding_is_refused(written, told):
    with pytest.raises(Refusal, match="encoding-unknown"):
        detected(written(b"a"), told)


def test_one_damaged_byte_of_utf8_is_named_and_not_read_as_something_else(written):
    content = (PROSE * 50).encode()
    cut = content[:3000] + content[3001:]
    with pytest.raises(Refusal) as caught:
        detected(written(cut))
    assert caught.value.name == "undecodable"
    assert caught.value.facts["encoding"] == "utf-8"
    assert abs(caught.value.facts["offset"] - 3000) <= 2
    assert caught.value.facts["line"] == content[:3000].count(b"\n") + 1


def test_a_fault_beyond_the_first_chunk_is_placed_exactly(written, monkeypatch):
    monkeypatch.setattr(decode, "CHUNK", 1000)
    content = PROSE.encode("gb18030") * 40
    place = 2503
    while content[place] != 0x0A:
        place += 1
    broken = content[: place + 1] + b"\xff" + content[place + 1 :]
    with pytest.raises(Refusal) as caught:
        detected(written(broken), "gb18030")
    assert caught.value.facts["offset"] == place + 1
    assert caught.value.facts["line"] == content[: place + 1].count(b"\n") + 1


def test_western_text_is_not_taken_for_chinese(written):
    content = "pays,valeur\nRéunion,1\nQuébec,2\nCôte,3\n".encode("latin-1")
    with pytest.raises(Refusal) as caught:
        detected(written(content))
    assert caught.value.name in ("encoding-ambiguous", "undecodable")


def test_the_refusal_shows_how_each_candidate_reads(written):
    with pytest.raises(Refusal) as caught:
        detected(written("name\n栲栳鎮\n".encode("big5")))
    assert caught.value.name == "encoding-ambiguous"
    options = {c.encoding: c.sample for c in caught.value.facts["options"]}
    assert options["big5"] == ("栲栳鎮",)
    assert "栲栳鎮" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7", b"\x1f\x8b\x08", b"PAR1....",
        b"\x89PNG\r\n", b"a,b\n1,\x00\x01\x02\n", b"<!DOCTYPE html><p>", b"  <HTML>", b'{"a": 1}',
        b'[{"a": 1}]', bytes(range(256)),
    ],
)  # fmt: skip
def test_what_is_no_text_table_is_refused_by_what_it_is(written, content):
    with pytest.raises(Refusal, match="not-a-table"):
        detected(written(content))


def test_a_zero_character_in_utf16_is_refused_too(written, tmp_path):
    path = written("a,b\n1,\0\n".encode("utf-16"))
    with pytest.raises(Refusal, match="not-a-table"):
        text_of(path, tmp_path)


def test_binary_content_far_into_the_file_is_found(written, monkeypatch):
    monkeypatch.setattr(decode, "CHUNK", 1000)
    with pytest.raises(Refusal) as caught:
        detected(written(b"a,b\n" * 1000 + b"\0"))
    assert "4000" in caught.value.sentence("en")


@settings(deadline=None)
@given(
    content=st.binary(max_size=80) | st.text(max_size=30).map(str.encode), chunk=st.integers(1, 9)
)
def test_the_quick_check_of_utf8_finds_what_decoding_finds(tmp_path_factory, content, chunk):
    path = tmp_path_factory.mktemp("q") / "file"
    path.write_bytes(content)
    try:
        content.decode("utf-8")
        wanted = None
    except UnicodeDecodeError as error:
        wanted = error.start
    original, decode.CHUNK = decode.CHUNK, chunk
    try:
        with path.open("rb") as stream:
            assert decode._fault(stream, "utf-8") == wanted
    finally:
        decode.CHUNK = original


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf8_is_always_read_as_itself(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("u") / "file"
    path.write_bytes(b"a" + text.encode())
    found = decode.detect(path, "a", "utf-8")
    assert found.encoding == "utf-8"


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=60))
def test_whatever_the_bytes_nothing_is_replaced(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("b")
    (folder / "file").write_bytes(content)
    try:
        found = decode.detect(folder / "file", "a")
    except Refusal:
        return
    decode.write_utf8(folder / "file", found, folder / "text", "a")
    text = (folder / "text").read_bytes().decode()
    # Decoding and encoding again gives the bytes back, up to variants the encoding itself has.
    assert content[found.bom :].decode(found.encoding) == text
    assert "\ufffd" not in text or "\ufffd".encode(found.encoding) in content


def test_common_characters_are_frequent_and_unknown_ones_are_not():
    assert frequency.log_frequency("的") > frequency.log_frequency("镕") > frequency.RARE_HAN
    assert frequency.log_frequency("\ue000") == frequency.PRIVATE_USE
    assert frequency.log_frequency("國") == frequency.log_frequency("国")


# Lines of real tables, each a file of its own: the hardest case, a few characters of evidence.

SIMPLIFIED_TO_TRADITIONAL = str.maketrans(
    "镇乡区县庙桥楼龙凤云阳东岭泽兴华鲁宁广长门开关马鸟鱼页车贝见风飞齐麦黄丰义乌乐亚产众会伟传"
    "体余农冲决凉刘则刚创别动劳势协单卖卢卫厂厅历压县参双发变叶号吴员响团园围国图圣场坏块坚坛"
    "垒备处复头夹夺奋妇妈姜孙学宝实宠审宪宫宽宾对寻导寿将尔尘层岁岗岛峡币师帐带帮庆庄应废异张弹"
    "强归当录忆怀总恋恶惊惠战户执扩扫护报担拥择挂挥损换据掷摆敌数斋断无时旷晓暂术机杀杂权条来杨极构"
    "枪柜标栋树样桂桥检楼横欢欧岁残毕气汇汉汤沟沪泪洁洒浅测济浓涛润涨渊温湾湿满滨潜澜灭灯灵灾炉点烂热"
    "爱爷独狮献环现玛珑电画畅疗监盖盘着矿码砖确礼祸离种积稳穷窃竞笔筑简签类粮紧红纤约级纪纯纲纳纸练组"
    "细终绍经结绕给络统继绩绿续维综缓编缘缝罗罢职联聪肃肠胁胜脉脑脚脱脸舰舱艺节芦苏苹茎荐荣药莲获萧蓝"
    "虑虽蚁蛮补装观规视览觉计订认讨让训议记讲许论设访证评识诉词译试诗诚话诞询该详语误说请诸读课调谁谈谊"
    "谋谢谣谱贡财责贤败货质贩购贯贵费贺资赏赖赛赞赵赶跃踪轨转轮软轻载较辅辆辉输边达迁过运还这进远连迟适"
    "选递逻遗邓邮邻郑释里针钟钢钱钻铁铜铝银锁锅锋错锦键锻长闪闭问闲间闻阁阅队阳阴阵阶际陆陈险随隐难雾静"
    "韩顶项顺须顾预领频题颜额飘饭饮饰饱馆驱驶驻验骑骗骨鲜鸡鸣鸭鸿鹏鹤鹰龄",
    "鎮鄉區縣廟橋樓龍鳳雲陽東嶺澤興華魯寧廣長門開關馬鳥魚頁車貝見風飛齊麥黃豐義烏樂亞產眾會偉傳"
    "體餘農衝決涼劉則剛創別動勞勢協單賣盧衛廠廳歷壓縣參雙發變葉號吳員響團園圍國圖聖場壞塊堅壇"
    "壘備處復頭夾奪奮婦媽姜孫學寶實寵審憲宮寬賓對尋導壽將爾塵層歲崗島峽幣師帳帶幫慶莊應廢異張彈"
    "強歸當錄憶懷總戀惡驚惠戰戶執擴掃護報擔擁擇掛揮損換據擲擺敵數齋斷無時曠曉暫術機殺雜權條來楊極構"
    "槍櫃標棟樹樣桂橋檢樓橫歡歐歲殘畢氣匯漢湯溝滬淚潔灑淺測濟濃濤潤漲淵溫灣濕滿濱潛瀾滅燈靈災爐點爛熱"
    "愛爺獨獅獻環現瑪瓏電畫暢療監蓋盤著礦碼磚確禮禍離種積穩窮竊競筆築簡簽類糧緊紅纖約級紀純綱納紙練組"
    "細終紹經結繞給絡統繼績綠續維綜緩編緣縫羅罷職聯聰肅腸脅勝脈腦腳脫臉艦艙藝節蘆蘇蘋莖薦榮藥蓮獲蕭藍"
    "慮雖蟻蠻補裝觀規視覽覺計訂認討讓訓議記講許論設訪證評識訴詞譯試詩誠話誕詢該詳語誤說請諸讀課調誰談誼"
    "謀謝謠譜貢財責賢敗貨質販購貫貴費賀資賞賴賽贊趙趕躍蹤軌轉輪軟輕載較輔輛輝輸邊達遷過運還這進遠連遲適"
    "選遞邏遺鄧郵鄰鄭釋里針鐘鋼錢鑽鐵銅鋁銀鎖鍋鋒錯錦鍵鍛長閃閉問閒間聞閣閱隊陽陰陣階際陸陳險隨隱難霧靜"
    "韓頂項順須顧預領頻題顏額飄飯飲飾飽館驅駛駐驗騎騙骨鮮雞鳴鴨鴻鵬鶴鷹齡",
)


def outcomes(lines: list[bytes], encoding: str, tmp_path: Path) -> dict[str, int]:
    """How many single lines were read right, asked about, and read wrong."""
    counts = {"right": 0, "asked": 0, "wrong": 0}
    path = tmp_path / "line"
    for line in lines:
        path.write_bytes(line)
        try:
            found = decode.detect(path, "a.csv")
        except Refusal as refusal:
            if refusal.name != "encoding-ambiguous":
                raise
            counts["asked"] += 1
            continue
        is_right = line.decode(found.encoding) == line.decode(encoding)
        counts["right" if is_right else "wrong"] += 1
    return counts


def real_lines(test_data: Path) -> list[str]:
    public = test_data / "public"
    lines = (public / "admin-divisions" / "streets.csv").read_text(encoding="utf-8").splitlines()
    covid = (public / "covid-thepaper-gbk" / "data.csv").read_bytes().decode("gb18030").splitlines()
    filings = (public / "cac-algorithm-filings" / "records.csv").read_text(encoding="utf-8-sig")
    names = [line.split(",")[1].strip('"') for line in lines[1:]]
    mixed = [*lines[1:], *names, *covid[1:], *filings.splitlines()[1:]]
    return [line for line in dict.fromkeys(mixed) if not line.isascii()]


@pytest.mark.data
def test_of_two_thousand_random_big5_lines_none_is_read_wrong(test_data, tmp_path):
    encoded = []
    for line in real_lines(test_data):
        try:
            encoded.append(line.translate(SIMPLIFIED_TO_TRADITIONAL).encode("big5"))
        except UnicodeEncodeError:
            continue
    lines = random.Random(5).sample([b for b in encoded if not b.isascii()], 2000)
    gb_too = sum(_decodes(line, "gb18030") for line in lines)
    assert gb_too > 1900, "the test is only hard if strict GB 18030 takes them too"
    counts = outcomes(lines, "big5", tmp_path)
    assert counts["wrong"] == 0, counts
    assert counts["asked"] < 500, counts


@pytest.mark.data
def test_of_two_thousand_random_gbk_lines_none_is_read_wrong(test_data, tmp_path):
    lines = random.Random(6).sample(real_lines(test_data), 2000)
    counts = outcomes([line.encode("gb18030") for line in lines], "gb18030", tmp_path)
    assert counts["wrong"] == 0, counts
    assert counts["asked"] < 300, counts


@pytest.mark.data
@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_files_of_twenty_lines_are_never_asked_about(test_data, tmp_path, encoding):
    lines = []
    for line in real_lines(test_data):
        traditional = line.translate(SIMPLIFIED_TO_TRADITIONAL) if encoding == "big5" else line
        try:
            lines.append(traditional.encode(encoding))
        except UnicodeEncodeError:
            continue
    files = [b"\n".join(random.Random(seed).sample(lines, 20)) for seed in range(100)]
    assert outcomes(files, encoding, tmp_path) == {"right": 100, "asked": 0, "wrong": 0}


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
