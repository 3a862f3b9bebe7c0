// One upload with the vendor's Go SDK v2 at its defaults, the engine of ossutil 2: 6 MiB parts, 3 at once, CRC-64 checked.
// The job comes as JSON in the first argument; what it cost is printed as one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

type job struct {
	Endpoint, Region, Bucket, Key, File, AccessKeyId, AccessKeySecret string
}

func main() {
	var j job
	must(json.Unmarshal([]byte(os.Args[1]), &j))
	provider := credentials.NewStaticCredentialsProvider(j.AccessKeyId, j.AccessKeySecret)
	config := oss.LoadDefaultConfig().WithCredentialsProvider(provider).WithRegion(j.Region).WithEndpoint(j.Endpoint)
	uploader := oss.NewUploader(oss.NewClient(config))
	request := &oss.PutObjectRequest{Bucket: oss.Ptr(j.Bucket), Key: oss.Ptr(j.Key)}

	started := time.Now()
	result, err := uploader.UploadFile(context.Background(), request, j.File)
	must(err)
	seconds := time.Since(started).Seconds()

	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	report, err := json.Marshal(map[string]any{
		"seconds":    seconds,
		"cpuSeconds": secondsOf(usage.Utime) + secondsOf(usage.Stime),
		"peakRssMiB": peakRssMiB(),
		"crc64":      oss.ToString(result.HashCRC64),
	})
	must(err)
	fmt.Println(string(report))
}

// The most memory this program has held, null where there is no /proc.
func peakRssMiB() any {
	status, _ := os.ReadFile("/proc/self/status")
	if found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); found != nil {
		kib, _ := strconv.ParseFloat(string(found[1]), 64)
		return kib / 1024
	}
	return nil
}

func secondsOf(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
