package migration;

import com.pulumi.Pulumi;
import com.pulumi.sqlservermigration.DatabaseMigration;
import com.pulumi.sqlservermigration.DatabaseMigrationArgs;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var config = ctx.config();

            var erp = new DatabaseMigration("erp", DatabaseMigrationArgs.builder()
                .instanceId(config.require("instance"))
                .bucket(config.require("bucket"))
                .backup("./backups/erp.bak")
                .build());

            ctx.export("status", erp.status());
            ctx.export("dataAsOf", erp.dataAsOf());
        });
    }
}
