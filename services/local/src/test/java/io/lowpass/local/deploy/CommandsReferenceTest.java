package io.lowpass.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.local.Lowpass;
import io.lowpass.testing.ReferencePage;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The page of commands, which is generated from their help. */
class CommandsReferenceTest {

    private static final int WIDTH = 110;

    @Test
    void thePageHasTheHelpOfEveryCommand() throws IOException {
        // Given
        String home = System.setProperty("user.home", "~");
        String help;

        // When
        try {
            help = Lowpass.commandLine().getSubcommands().entrySet().stream()
                    .map(command -> section(command.getKey(), command.getValue()))
                    .collect(Collectors.joining("\n"));
        } finally {
            System.setProperty("user.home", home);
        }

        // Then
        assertThat(help).contains("### `generate`", "### `endure`");
        new ReferencePage("COMMANDS.md").check(help);
    }

    private static String section(String name, CommandLine command) {
        command.setUsageHelpWidth(WIDTH);
        return "### `%s`\n\n```\n%s```\n".formatted(name, command.getUsageMessage(Ansi.OFF));
    }
}
