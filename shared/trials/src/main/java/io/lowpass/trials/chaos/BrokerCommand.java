package io.lowpass.trials.chaos;

import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedKafka.Listener;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The broker of a chaos run, in its own process so that it can be killed. */
@Command(name = "broker", description = "A Kafka broker alone.", hidden = true, mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "data directory")
    private Path data;

    @Option(names = "--port", paramLabel = "PORT", required = true, description = "port of the main listener")
    private int port;

    @Option(names = "--listener", paramLabel = "NAME:PORT:ADVERTISED", description = "an additional listener")
    private List<String> listeners = List.of();

    @Override
    public Integer call() throws InterruptedException {
        EmbeddedKafka broker = EmbeddedKafka.start(
                data, port, listeners.stream().map(BrokerCommand::listener).toList());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static Listener listener(String text) {
        String[] parts = text.split(":", -1);
        return new Listener(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
}
