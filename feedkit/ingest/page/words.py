"""What pages of many languages call things: words of links, of classes and of headings."""

import re

_MORE = (
    "read more|read on|read full.*|read the.*|read post|read article|more|continue reading|"
    "continue|"
    "keep reading|view post|view article|learn more|see more|full story|details|permalink|link|"
    "comments?|no comments|leave a comment|\\d+ comments?|reply|share|edit|"
    "weiterlesen|mehr lesen|mehr|mehr erfahren|weiter|zum artikel|kommentare?|"
    "lire la suite|lire plus|lire l['’]article|en savoir plus|la suite|suite|"
    "leer más|seguir leyendo|continuar leyendo|leer|ver más|más|"
    "leia mais|ler mais|continuar lendo|continue lendo|saiba mais|continuar a ler|"
    "leggi tutto|leggi di più|continua a leggere|continua|leggi|"
    "lees meer|verder lezen|lees verder|meer|"
    "czytaj więcej|czytaj dalej|więcej|"
    "читать далее|читать дальше|читать полностью|далее|подробнее|дальше|"
    "devamını oku|devamı|devam|daha fazla|"
    "اقرأ المزيد|المزيد|أكمل القراءة|تابع القراءة|"
    "ادامه مطلب|بیشتر بخوانید|ادامه|بیشتر|"
    "阅读全文|阅读更多|继续阅读|更多|查看全文|全文|详情|閱讀全文|繼續閱讀|閱讀更多|"
    "続きを読む|もっと読む|詳細|記事を読む|続き|"
    "더 보기|더보기|더 읽기|계속 읽기|자세히 보기|자세히|"
    "đọc thêm|đọc tiếp|xem thêm|xem tiếp"
)
_READ_MORE = re.compile(rf"[\W_]*(?:{_MORE})[\W_]*", re.IGNORECASE)
_READ_MORE_OF = re.compile(
    r"(?:continue reading|read more|read the rest|weiterlesen|lire la suite|leggi tutto|leia "
    r"mais)\b",
    re.IGNORECASE,
)


def is_read_more(text: str) -> bool:
    """Whether a link's text only says that there is more behind it."""
    return len(text) < 60 and bool(_READ_MORE.fullmatch(text) or _READ_MORE_OF.match(text))


_LABEL = re.compile(
    r"[\W_]*(?:draft|pinned|featured|sticky|new|entwurf|angeheftet|angepinnt|neu|brouillon|épinglé|"
    r"à la une|nouveau|borrador|fijado|destacado|nuevo|rascunho|fixado|destaque|novo|bozza|in "
    r"evidenza|"
    r"concept|vastgezet|szkic|przypięty|черновик|закреплено|новое|taslak|sabitlendi|مسودة|مثبت|"
    r"پیش‌نویس|草稿|置顶|置頂|下書き|固定|新着|초안|고정)[\W_]*",
    re.IGNORECASE,
)


def is_label(text: str) -> bool:
    """Whether a text is no title but says that a post is a draft, new or pinned."""
    return len(text) < 20 and bool(_LABEL.fullmatch(text))


READING_TIME = re.compile(
    r"\bmin(?:ute)?s?\.?[ -](?:read|to read)\b|\bread(?:ing)?[ -]time\b|\blesezeit\b|"
    r"\b(?:temps|minutes?|min) de lecture\b|\b(?:tiempo|minutos?|min) de lectura\b|"
    r"\b(?:tempo|minutos?|min) de leitura\b|\b(?:tempo|minuti|min) di lettura\b|\bleestijd\b|"
    r"\bczas czytania\b|\bмин(?:ут[аы]?)?\.? (?:на )?чтени|\bвремя чтения\b|\bdk okuma\b|"
    r"阅读(?:时[长间]|需)|閱讀時間|分钟(?:阅读|读完)|読了|分で読め|읽는 데|\d분 (?:읽기|소요)",
    re.IGNORECASE,
)
"""How long it takes to read a post."""

_NEXT = re.compile(
    r"[\W_]*(?:next(?: page)?|older(?: posts| entries| articles| stories)?|previous entries|"
    r"load more(?: posts)?|show more|more posts|ältere(?: beiträge| artikel| einträge)?|"
    r"nächste(?: seite)?|weiter|suivante?|page suivante|articles (?:plus )?anciens|plus anciens|"
    r"siguiente|página siguiente|entradas antiguas|entradas anteriores|próxim[oa]|"
    r"(?:página )?seguinte|posts (?:mais )?antigos|postagens mais antigas|successiv[oa]|"
    r"articoli (?:più vecchi|precedenti)|pagina successiva|avanti|volgende(?: pagina)?|"
    r"oudere berichten|następna(?: strona)?|starsze(?: wpisy| posty)?|dalej|"
    r"след(?:ующая|ующие|\.)?(?: страница)?|вперёд|вперед|старые записи|ранее|"
    r"sonraki(?: sayfa)?|ileri|eski yazılar|daha eski|التالي|التالية|الصفحة التالية|"
    r"بعدی|صفحه بعد|صفحه بعدی|نوشته‌های قدیمی‌تر|下一页|下一頁|下页|后页|"
    r"较早的文章|更早的文章|"
    r"次へ|次のページ|古い記事|過去の記事|다음(?: 페이지)?|이전 글|"
    r"trang sau|tiếp(?: theo)?|bài cũ hơn|"
    r"[>›»→❯]{1,2})[\W_]*",
    re.IGNORECASE,
)


def is_next(text: str) -> bool:
    """Whether a link's text says that it leads to the older posts."""
    return 0 < len(text) < 40 and bool(_NEXT.fullmatch(text))


_SIDE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|submenu|sidebar|side-bar|widget|widgets|footer|"
    r"related|popular|trending|recommended|recommendations|similar|more-posts|comments?|"
    r"commentlist|"
    r"respond|tagcloud|tag-cloud|taglist|breadcrumbs?|pagination|pager|paginator|pagenav|toc|"
    r"social|share|sharing|blogroll|category-list|categories|toolbar|cookie|banner|mega|hot|"
    r"ranking|yarpp|topnav|"
    r"modal|algolia|search-results|searchresults|crumbs|neighbou?rs|prev-next|post-nav|read-next|further-reading|also-like)(?=$|[-_\s])",
    re.IGNORECASE,
)


def is_aside(name: str) -> bool:
    """Whether a class or id is one of what stands beside the main thing of a page."""
    # a modifier tells how a thing looks; a page builder calls all its parts widgets
    return "--" not in name and not name.startswith("elementor") and bool(_SIDE.search(name))


_VARIES = re.compile(
    r"\d|^(?:first|last|odd|even|active|current|selected|featured|sticky|alt|left|right|new|"
    r"hidden)$"
    r"|^(?:category|tag|format|status|type|cat|has|is)-"
    r"|--?(?:featured|first|last|large|small|odd|even|no-image|active)$"
)


def is_of_its_own(name: str) -> bool:
    """Whether a class tells one item of a list from another, rather than what it is."""
    return bool(_VARIES.search(name))


TAXONOMY = re.compile(
    r"/(?:tags?|categor(?:y|ies|ie)|kategorien?|categorias?|catégories?|topics?|labels?|authors?|"
    r"users?|people|series|etiquetas?|schlagwort|mot-cle|etiket|themen?|product|products|shop)"
    r"/[^/]+/?$|/(?:archives?/)?(?:19|20)\d\d(?:/\d{1,2})?/?$|/(?:search|page/\d+|page\d+|feed|login|"
    r"cart)/?$|^/(?:blog|posts?|news|archives?|articles?|publications?|projects?|talks?|teaching|tags|"
    r"categories)/?(?:index\.html?)?$",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\s*[«‹←<»›→>]|.*[«‹←<»›→>]\s*$|(?:previous|next|prev|older|newer)\b", re.IGNORECASE
)


def is_step(text: str) -> bool:
    """Whether a link's text is that of a step to the post before or after."""
    return bool(_STEP.match(text))


POST_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]\d{1,2}[/-]|/(?:blog|posts?|articles?|news|entry|entries|archives?|p|story|"
    r"stories|notes?|writing|essays?|journal|a|topic|t|question|artikel|beitrag|noticias?|"
    r"actualites?|"
    r"haber|artigo|articulo|post-\d+|weblog|logs?|til|episodes?)/[^/]",
    re.IGNORECASE,
)
OTHER_PATH = re.compile(
    r"/(?:talks?|projects?|publications?|events?|teaching|courses?|slides|papers?|software|people|"
    r"products?|portfolio|vortraege|projekte?|projets?|proyectos?|projetos?|progetti)/[^/]",
    re.IGNORECASE,
)
"""Addresses of what is shown beside posts in lists of its own."""
LISTING = re.compile(
    r"\b(?:blog|posts?|archives?|articles?|news|writings?|journal|weblog|notes|essays|latest|"
    r"entries|"
    r"stories|tag|tagged|topic|category|log|archiv|beiträge|artikel|neuigkeiten|schlagwort|"
    r"kategorie|"
    r"actualités|billets|catégorie|étiquette|mot-clé|artículos|entradas|noticias|archivo|etiqueta|"
    r"categoría|arquivo|arquivos|artigos|notícias|publicações|articoli|archivio|notizie|etichetta|"
    r"artikelen|berichten|nieuws|archief|wpisy|aktualności|archiwum|artykuły|статьи|записи|архив|"
    r"новости|блог|заметки|тег|метка|рубрика|yazılar|arşiv|haberler|etiket|bài viết|lưu trữ|tin "
    r"tức|"
    r"thẻ)\b|أرشيف|المقالات|مدونة|المدونة|وسم|آرشیو|نوشته|وبلاگ|برچسب|مقالات|归档|歸檔|文章|博客|"
    r"标签|標籤|分类|日志|ブログ|記事|アーカイブ|タグ|一覧|글|블로그|아카이브|태그|보관",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"[$€£¥₹₽₺₩]\s?\d|\d\s?(?:[€£₽₺₩]|zł\b|руб|kr\b|USD|EUR|TL\b|元|円|تومان|ریال|₫)|"
    r"\badd to (?:cart|basket)\b|in den warenkorb|ajouter au panier|añadir al carrito",
    re.IGNORECASE,
)

_TAG_WORDS = (
    "tag archives?|tag archive for|tag|tags|tagged|topic|posts tagged|posts? tagged with|"
    "articles tagged|entries tagged|posts tagged as|blog posts tagged|items? tagged|category|"
    "category archives?|posts in category|schlagwort|schlagwort-archiv(?:e)?|beiträge mit "
    "schlagwort|"
    "schlagwörter|kategorie|étiquette|mot-clé|articles étiquetés|catégorie|etiqueta|"
    "entradas etiquetadas(?: con| como)?|categoría|archivo de (?:la )?etiqueta|categoria|"
    "posts com a tag|artigos etiquetados|arquivo da tag|arquivos da tag|etichetta|articoli con tag|"
    "archivio tag|berichten met(?: de)? tag|trefwoord|tagarchief|categorie|wpisy z tagiem|"
    "kategoria|wpisy otagowane|метка|тег|записи с меткой|архив метки|рубрика|статьи с тегом|etiket|"
    "etiketi|kategori|الوسم|وسم|تصنيف|برچسب|دسته|标签|標籤|分类|分類|标签归档|タグ|カテゴリー?|태그|"
    "카테고리|thẻ|chuyên mục|từ khóa"
)
TAG_HEADING = re.compile(
    rf"^(?:\d+ )?(?:all )?(?:the )?(?:{_TAG_WORDS})\s*(?:[:：»›\-–—|/]\s*|\s+[\"“«„'‘「『#]|\s+#|"
    rf"\s*(?=[\"“«„‘「『#]))"
    r"\s*[\"“«„'‘「『#]?\s*(.{1,60}?)\s*[\"”»“'’」』]?\s*$",
    re.IGNORECASE,
)
TAGGED_WITH = re.compile(
    r"^(?:\d+ )?(?:posts?|articles?|entries|everything|stories|items|one post|blog posts?)?\s*"
    r"(?:tagged|filed under|labell?ed)(?: with| as| in| under)?\s*[:：]?\s*"
    r"[\"“«„'‘「『#]?(.{1,60}?)[\"”»“'’」』]?\s*$",
    re.IGNORECASE,
)
TAG_PATH = re.compile(
    r"/(?:tags?|tagged|topics?|labels?|etiquetas?|schlagwort|etiket|mot-cle|tema|temas|keyword|"
    r"categor(?:y|ies)|categor[ií]as?|kategorie)/([^/?#]{1,100})/?(?:index\.html?|page/?\d+/?)?$",
    re.IGNORECASE,
)
