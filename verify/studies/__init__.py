"""The studies, one file each: other systems of the field, working on any catalogued group.

Public: STUDIES, Findings, Picture, Settings, Study, StudyRun, Table, load_study, option, run_study, study.
To add one: a file with the decorator ``@study``, a line in ``STUDIES``, a test.
"""

from .study import (
    STUDIES,
    Findings,
    Picture,
    Settings,
    Study,
    StudyRun,
    Table,
    Workshop,
    load_study,
    option,
    run_study,
    study,
)

__all__ = [
    "STUDIES",
    "Findings",
    "Picture",
    "Settings",
    "Study",
    "StudyRun",
    "Table",
    "Workshop",
    "load_study",
    "option",
    "run_study",
    "study",
]
