package io.lowpass.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, which Maven writes into a resource. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        try (InputStream text = Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"))) {
            return new String[] {"Lowpass " + new String(text.readAllBytes(), StandardCharsets.UTF_8).strip()};
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
