package io.lowpass.trials.chaos;

import io.lowpass.embedded.EmbeddedS3;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The object store of a chaos run, in its own process so that it can be killed. */
@Command(name = "store", description = "An S3 server alone.", hidden = true, mixinStandardHelpOptions = true)
final class StoreCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "directory for objects")
    private Path data;

    @Option(names = "--port", paramLabel = "PORT", required = true, description = "to listen on")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        EmbeddedS3 store = EmbeddedS3.start(data, port, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY);
        Runtime.getRuntime().addShutdownHook(new Thread(store::close, "store-stop"));
        new CountDownLatch(1).await();
        return 0;
    }
}
