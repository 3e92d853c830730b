package io.lowpass.local;

import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.local.LocalStack.Ports;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the local stack until it is interrupted. */
@Command(
        name = "serve",
        description = "Starts all services with Kafka and S3, and keeps them running.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private StackOptions options;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "port of the web page and the HTTP API; 0 for any free port (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int http;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "port of health and metrics; 0 for any free port (default: ${DEFAULT-VALUE})",
            defaultValue = "8090")
    private int management;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "port of the broker; 0 for any free port (default: ${DEFAULT-VALUE})",
            defaultValue = "9092")
    private int kafka;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            description = "port of the object store; 0 for any free port (default: ${DEFAULT-VALUE})",
            defaultValue = "9000")
    private int s3;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Models models = options.models();
        try (LocalStack stack = LocalStack.start(options, models, new Ports(http, management, kafka, s3))) {
            stack.awaitModel();
            out.println("page   " + stack.http());
            out.println("health " + stack.management() + "/q/health");
            out.println("kafka  " + stack.bootstrap());
            out.println("s3     " + stack.s3() + " (bucket " + Models.BUCKET + ", both keys: " + EmbeddedS3.DEFAULT_KEY
                    + ")");
            models.catalogue()
                    .models()
                    .forEach(card -> out.println(
                            "model  " + card.name() + " (" + models.folders().get(card.name()) + ")"));
            out.println("data   " + options.data());
            out.flush();
            stack.awaitEnd();
        }
        return CommandLine.ExitCode.OK;
    }
}
