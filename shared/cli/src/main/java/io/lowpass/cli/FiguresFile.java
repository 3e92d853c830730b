package io.lowpass.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The optional file for the results of a command. */
public final class FiguresFile {

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results to this file")
    private Optional<Path> file = Optional.empty();

    /**
     * Writes the figures as JSON, if a file is named.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Supplier<?> figures) throws IOException {
        if (file.isPresent()) {
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(file.get().toFile(), figures.get());
        }
    }
}
