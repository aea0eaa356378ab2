from .checking import Finding as Finding
from .library import small_group as small_group
from .library import small_group_label as small_group_label
from .records import CatalogRecord as CatalogRecord
from .records import Construction as Construction
from .store import Catalog as Catalog
from .store import Found as Found
