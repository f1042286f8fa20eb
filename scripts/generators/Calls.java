// Registers, uploads a line, follows it and reads it back with openapi-generator's native Java client.

import gongcrm.ApiClient;
import gongcrm.api.CrmApi;
import gongcrm.model.CrmObjectType;
import gongcrm.model.GenericCrmRegistrationRequest;
import gongcrm.model.RequestStatus;
import gongcrm.model.UploadObjectType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

public class Calls {
  public static void main(String[] arguments) throws Exception {
    String keys = Base64.getEncoder().encodeToString((arguments[1] + ":" + arguments[2]).getBytes());
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    client.setRequestInterceptor(request -> request.header("Authorization", "Basic " + keys));
    CrmApi api = new CrmApi(client);

    Long integration = api.registerCrmIntegration(
        new GenericCrmRegistrationRequest().name("Java").ownerEmail("joe.doe@acme.com")).getIntegrationId();
    Path file = Files.createTempFile("accounts", ".ldjson");
    Files.writeString(file, "{\"objectId\": \"a1\", \"modifiedDate\": \"2026-11-22T08:00:00Z\", \"name\": \"Acme\"}\n");
    api.uploadCrmEntities(integration, UploadObjectType.ACCOUNT, "java-1", file.toFile());
    RequestStatus status = RequestStatus.PENDING;
    for (int turn = 0; turn < 100 && status != RequestStatus.DONE && status != RequestStatus.FAILED; turn++) {
      Thread.sleep(400);
      status = api.getCrmRequestStatus(integration, "java-1").getStatus();
    }
    Object found = api.getCrmEntities(integration, CrmObjectType.ACCOUNT, List.of("a1", "a2")).getCrmObjectsMap();
    System.out.println(integration + " " + status + " " + found.toString().contains("Acme"));
  }
}
