import pulumi

config = pulumi.Config()
count = config.require_int("count")
if count < 0:
    raise ValueError("count must be positive")
print("counted")
pulumi.export("count", count)
pulumi.export("where", f"{pulumi.get_stack()} of {pulumi.get_project()}")
pulumi.export("preview", pulumi.runtime.is_dry_run())
