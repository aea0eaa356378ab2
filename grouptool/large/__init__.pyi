from .group import MAX_DEGREE as MAX_DEGREE
from .group import LargeGroup as LargeGroup
from .group import Membership as Membership
from .make import large_group as large_group
