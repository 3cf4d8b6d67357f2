"""What the sample brand sells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One thing for sale; `weight` is how often it is chosen."""

    id: str
    name_ko: str
    name_en: str
    category: str
    category_2: str
    price_krw: int
    weight: float


# fmt: off
_ROWS: tuple[tuple[str, str, str, str, int, float], ...] = (
    ("수분 크림 50ml", "Moisture Cream 50ml", "Skincare", "Cream", 32000, 12),
    ("수분 크림 100ml", "Moisture Cream 100ml", "Skincare", "Cream", 52000, 5),
    ("진정 젤 크림", "Calming Gel Cream", "Skincare", "Cream", 28000, 6),
    ("장벽 크림", "Barrier Cream", "Skincare", "Cream", 38000, 6),
    ("비타민 세럼", "Vitamin Serum", "Skincare", "Serum", 36000, 9),
    ("탄력 세럼", "Firming Serum", "Skincare", "Serum", 48000, 4),
    ("수분 앰플", "Hydrating Ampoule", "Skincare", "Serum", 29000, 7),
    ("히알루론 토너", "Hyaluron Toner", "Skincare", "Toner", 22000, 9),
    ("각질 케어 토너", "Exfoliating Toner", "Skincare", "Toner", 24000, 5),
    ("토너 패드 70매", "Toner Pads 70", "Skincare", "Toner", 26000, 8),
    ("약산성 클렌징 폼", "Mild Cleansing Foam", "Cleansing", "Foam", 15000, 8),
    ("클렌징 오일", "Cleansing Oil", "Cleansing", "Oil", 23000, 6),
    ("클렌징 밤", "Cleansing Balm", "Cleansing", "Oil", 25000, 4),
    ("데일리 선크림", "Daily Sunscreen", "Sun care", "Cream", 21000, 11),
    ("톤업 선크림", "Tone-up Sunscreen", "Sun care", "Cream", 23000, 6),
    ("선 스틱", "Sun Stick", "Sun care", "Stick", 19000, 5),
    ("수분 마스크 10매", "Hydrating Mask 10", "Mask", "Sheet", 18000, 8),
    ("진정 마스크 10매", "Calming Mask 10", "Mask", "Sheet", 19000, 6),
    ("슬리핑 마스크", "Sleeping Mask", "Mask", "Leave-on", 27000, 4),
    ("쿠션 파운데이션", "Cushion Foundation", "Make-up", "Face", 34000, 6),
    ("쿠션 리필", "Cushion Refill", "Make-up", "Face", 18000, 4),
    ("립 틴트", "Lip Tint", "Make-up", "Lip", 14000, 8),
    ("립 밤", "Lip Balm", "Make-up", "Lip", 11000, 6),
    ("헤어 에센스", "Hair Essence", "Hair & body", "Hair", 20000, 3),
    ("핸드 크림 3종", "Hand Cream Trio", "Hair & body", "Body", 24000, 4),
    ("스킨케어 기프트 세트", "Skincare Gift Set", "Sets", "Gift", 79000, 3),
    ("미니 여행 세트", "Mini Travel Set", "Sets", "Travel", 29000, 4),
    ("수분 루틴 세트", "Hydration Routine Set", "Sets", "Routine", 88000, 3),
)
# fmt: on

PRODUCTS: tuple[Product, ...] = tuple(Product(f"P{i + 1:03d}", *row) for i, row in enumerate(_ROWS))
