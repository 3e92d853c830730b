package io.lowpass.lab.page;

import io.lowpass.lab.plot.Markup;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.TemplateNode.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** A template of a page, in Qute's language, which escapes every value but {@link Markup}. */
public final class Template {

    private final io.quarkus.qute.Template template;

    private Template(io.quarkus.qute.Template template) {
        this.template = template;
    }

    /**
     * A template that is a resource of the program itself.
     *
     * @param beside the class in whose package it lies
     */
    public static Template of(Class<?> beside, String name) throws IOException {
        Engine engine = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addResultMapper(new Escaper())
                .build();
        return new Template(engine.parse(resource(beside, name)));
    }

    /** The text of a resource of the program itself. */
    public static String resource(Class<?> beside, String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * The page.
     *
     * @param values what the template's names stand for
     */
    public String render(Map<String, Object> values) {
        var instance = template.instance();
        values.forEach(instance::data);
        return instance.render();
    }

    /** Not Qute's own: that leaves characters which no XML can hold, and a prompt may have them. */
    private static final class Escaper implements ResultMapper {

        @Override
        public int getPriority() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean appliesTo(Origin origin, Object result) {
            return !(result instanceof Markup);
        }

        @Override
        public String map(Object result, Expression expression) {
            return Markup.escaped(result.toString());
        }
    }
}
