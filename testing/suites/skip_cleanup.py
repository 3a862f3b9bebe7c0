"""pytest plug-in: skips the clean-up after each class, which lists the buckets at the service's public endpoints."""


def pytest_collection_finish(session):
    for module in {item.module for item in session.items}:
        if hasattr(module, "clean_buckets"):
            module.clean_buckets = lambda prefix: None
    import tests.integration

    tests.integration.clean_buckets = lambda prefix: None
