"""One upload with the vendor's Python SDK v2: the uploader of the vendor's page (1 MiB parts, 4 at once, a checkpoint folder)
or the same SDK at its defaults. The job comes as JSON in the first argument; what it cost is printed as one line of JSON."""

import json
import os
import re
import resource
import sys
import tempfile
import time

import alibabacloud_oss_v2 as oss

job = json.loads(sys.argv[1])
config = oss.config.load_default()
config.credentials_provider = oss.credentials.StaticCredentialsProvider(job["accessKeyId"], job["accessKeySecret"])
config.region = job["region"]
config.endpoint = job["endpoint"]
client = oss.Client(config)

with tempfile.TemporaryDirectory() as folder:
    if job["page"]:
        checkpoints = os.path.join(folder, "checkpoints")
        os.mkdir(checkpoints)
        uploader = client.uploader(
            enable_checkpoint=True, checkpoint_dir=checkpoints, part_size=1024 * 1024, parallel_num=4
        )
    else:
        uploader = client.uploader()
    started = time.monotonic()
    result = uploader.upload_file(oss.PutObjectRequest(bucket=job["bucket"], key=job["key"]), filepath=job["file"])
    seconds = time.monotonic() - started



def peak_rss_mib():
    """The most memory this program has held, None where there is no /proc."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) / 1024
    except OSError:
        return None


usage = resource.getrusage(resource.RUSAGE_SELF)
cost = {
    "seconds": seconds,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "peakRssMiB": peak_rss_mib(),
    "crc64": str(result.hash_crc64),
}
print(json.dumps(cost))
