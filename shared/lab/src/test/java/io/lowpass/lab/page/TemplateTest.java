package io.lowpass.lab.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.lab.plot.HeatMap;
import io.lowpass.lab.plot.Markup;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private final Markup plot = new HeatMap("a plot", "x", "y", "shade", List.of(List.of(1.0))).draw();

    @Test
    void valuesAreEscapedAndPlotsAreNot() throws IOException {
        // Given: a prompt with what HTML reads as its own, and a character that no XML can hold
        String prompt = "<a> & \"b\u0001\"";

        // When
        String page = Template.of(TemplateTest.class, "greeting.html").render(Map.of("name", prompt, "plot", plot));

        // Then
        String escaped = "&lt;a&gt; &amp; &quot;b\uFFFD&quot;";
        assertThat(page.strip()).isEqualTo("<p title=\"" + escaped + "\">" + escaped + ": " + plot + "</p>");
    }

    @Test
    void aNameWithoutAValueIsRefused() throws IOException {
        // Given
        Template template = Template.of(TemplateTest.class, "greeting.html");

        // When, Then
        assertThatThrownBy(() -> template.render(Map.of("plot", plot))).hasMessageContaining("\"name\" not found");
    }
}
