import pytest
from django.db import connection


@pytest.mark.django_db
def test_database_works():
    from wushu.parties.models import Organisation
    assert Organisation.objects.count() == 0
    print(connection.vendor)
