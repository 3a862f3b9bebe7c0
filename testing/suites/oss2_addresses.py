"""pytest plug-in: keeps the tests and their clean-up off the public endpoints of OSS, STS and KMS."""

import os

import oss2
from aliyunsdkcore.profile import region_provider
from aliyunsdksts.request.v20150401.AssumeRoleRequest import AssumeRoleRequest

EMULATOR = os.environ["OSS_TEST_ENDPOINT"].replace("http://", "")

region_provider.modify_point("Sts", os.environ["OSS_TEST_REGION"], EMULATOR)
AssumeRoleRequest.get_protocol_type = lambda request: "http"


def pytest_collection_finish(session):
    from tests import common

    def clean_by_prefix(prefix):
        service = oss2.Service(oss2.Auth(common.OSS_ID, common.OSS_SECRET), common.OSS_ENDPOINT)
        for entry in service.list_buckets(prefix=prefix).buckets:
            common.clean_and_delete_bucket(oss2.Bucket(service.auth, common.OSS_ENDPOINT, entry.name))

    common.clean_and_delete_bucket_by_prefix = clean_by_prefix
    oss2.LiveChannelIterator = lambda bucket: ()  # the clean-up lists them in every bucket
    # The tests draw one of three clients; the one with KMS gets the local keys of the one with RSA.
    oss2.AliKMSProvider = lambda *settings: oss2.RsaProvider(common.key_pair)
