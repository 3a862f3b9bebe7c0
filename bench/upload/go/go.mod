module uploadbench

go 1.21

require github.com/aliyun/alibabacloud-oss-go-sdk-v2 v1.5.0

require golang.org/x/time v0.4.0 // indirect
