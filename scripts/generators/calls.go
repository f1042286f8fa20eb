// Registers, uploads a line, follows it and reads it back with openapi-generator's Go client.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"gongcrm"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	settings := gongcrm.NewConfiguration()
	settings.Servers = gongcrm.ServerConfigurations{{URL: os.Args[1]}}
	keys := gongcrm.BasicAuth{UserName: os.Args[2], Password: os.Args[3]}
	ctx := context.WithValue(context.Background(), gongcrm.ContextBasicAuth, keys)
	api := gongcrm.NewAPIClient(settings).CRMAPI

	request := *gongcrm.NewGenericCrmRegistrationRequest("Go", "joe.doe@acme.com")
	made, _, err := api.RegisterCrmIntegration(ctx).GenericCrmRegistrationRequest(request).Execute()
	must(err)
	file, err := os.CreateTemp("", "accounts*.ldjson")
	must(err)
	_, err = file.WriteString("{\"objectId\": \"a1\", \"modifiedDate\": \"2026-11-22T08:00:00Z\", \"name\": \"Acme\"}\n")
	must(err)
	_, err = file.Seek(0, 0)
	must(err)
	_, _, err = api.UploadCrmEntities(ctx).IntegrationId(made.IntegrationId).
		ObjectType(gongcrm.UPLOADOBJECTTYPE_ACCOUNT).ClientRequestId("go-1").DataFile(file).Execute()
	must(err)
	status := gongcrm.REQUESTSTATUS_PENDING
	for turn := 0; turn < 100 && status != gongcrm.REQUESTSTATUS_DONE && status != gongcrm.REQUESTSTATUS_FAILED; turn++ {
		time.Sleep(400 * time.Millisecond)
		told, _, err := api.GetCrmRequestStatus(ctx).IntegrationId(made.IntegrationId).ClientRequestId("go-1").Execute()
		must(err)
		status = told.Status
	}
	read, _, err := api.GetCrmEntities(ctx).IntegrationId(made.IntegrationId).
		ObjectType(gongcrm.CRMOBJECTTYPE_ACCOUNT).RequestBody([]string{"a1", "a2"}).Execute()
	must(err)
	fmt.Println(made.IntegrationId, status, read.CrmObjectsMap["a1"]["name"] == "Acme")
}
