package io.lowpass.encoder;

import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Topics;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSettings;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import io.lowpass.testing.kafka.JavaProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;

/** An encoder in a process of its own, which can be killed. */
public final class EncoderProcess {

    private EncoderProcess() {}

    static Process start(String bootstrapServers) {
        return JavaProcess.start(EncoderProcess.class, bootstrapServers);
    }

    static StreamSettings settings() {
        return new StreamSettings("encoder", Topics.LATENTS, ChunkKind.LATENTS, "encoders", 1, 1, 1 << 20);
    }

    /** The demo model's autoencoder. */
    static Autoencoders autoencoders(TorchThreads threads) {
        Path model = Path.of(System.getProperty("lowpass.root"), "shared/demo-model");
        return new Autoencoders(Map.of("demo", new Autoencoders.Location(model, "cpu")), Precision.of("f32"), threads);
    }

    /** Runs until it is killed. */
    @SuppressWarnings("try") // a service works while it is open
    public static void main(String[] arguments) throws InterruptedException {
        TorchThreads threads = new TorchThreads(1);
        Autoencoders autoencoders = autoencoders(threads);
        EncoderMetrics metrics = new EncoderMetrics(new SimpleMeterRegistry());
        try (StreamService service = new StreamService(
                settings(),
                arguments[0],
                connections -> new EncoderStage(
                        autoencoders, MemoryBudget.ofMachine(), threads, connections.publisher(), metrics))) {
            Thread.currentThread().join();
        }
    }
}
