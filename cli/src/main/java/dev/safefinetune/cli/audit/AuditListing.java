package dev.safefinetune.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.safefinetune.contract.ContractJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The rows of an audit as a table, JSON or CSV. */
enum AuditListing {
    /** For people: what fits a line; the waivers have one of their own each. */
    TABLE {
        @Override
        String of(List<AuditRow> rows) {
            TextTable table = TextTable.forColumns(
                    new ColorScheme.Builder(Ansi.OFF).build(),
                    new Column(width(rows, "RUN", AuditListing::run), 0, Overflow.SPAN),
                    new Column(width(rows, "PHASE", AuditRow::phase), 0, Overflow.SPAN),
                    new Column(width(rows, "VERDICT", AuditRow::verdict), 0, Overflow.SPAN),
                    new Column(width(rows, "HARMFUL<=", AuditRow::harmfulUpper95), 0, Overflow.SPAN),
                    new Column(width(rows, "STATEMENT", AuditRow::statement), 0, Overflow.SPAN),
                    new Column(width(rows, "ENDED BY", AuditRow::refusedBy), 0, Overflow.SPAN));
            table.addRowValues("RUN", "PHASE", "VERDICT", "HARMFUL<=", "STATEMENT", "ENDED BY");
            StringBuilder notes = new StringBuilder();
            for (AuditRow row : rows) {
                table.addRowValues(
                        run(row), row.phase(), row.verdict(), row.harmfulUpper95(), row.statement(), row.refusedBy());
                row.waivers().forEach(each -> notes.append(run(row) + ": waived " + each + "\n"));
                row.notEnforced().forEach(each -> notes.append(run(row) + ": not enforced: " + each + "\n"));
            }
            return table.toString().replaceAll("(?m) +$", "") + notes;
        }
    },

    JSON {
        @Override
        String of(List<AuditRow> rows) {
            return ContractJson.writePretty(rows) + "\n";
        }
    },

    /** One line for each; lists are joined by semicolons. */
    CSV {
        @Override
        String of(List<AuditRow> rows) {
            CsvMapper mapper = new CsvMapper();
            CsvSchema schema = mapper.schemaFor(AuditRow.class).withHeader().withArrayElementSeparator("; ");
            try {
                return mapper.writer(schema).writeValueAsString(rows);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the rows of an audit cannot be written as CSV", e);
            }
        }
    };

    private static final int GAP = 3;

    abstract String of(List<AuditRow> rows);

    private static String run(AuditRow row) {
        return row.name().isEmpty() ? row.place() : row.namespace() + "/" + row.name();
    }

    private static int width(List<AuditRow> rows, String title, Function<AuditRow, String> cell) {
        return GAP
                + Math.max(
                        title.length(),
                        rows.stream().map(cell).mapToInt(String::length).max().orElse(0));
    }

    /** Models that were looked for are told of with the runs that published them, and the others after all runs. */
    static List<AuditRow> joined(List<AuditRow> runs, List<AuditedModel> models) {
        Map<String, AuditedModel> byDigest = new HashMap<>();
        models.forEach(model -> byDigest.putIfAbsent(model.digest(), model));
        List<AuditRow> rows = new ArrayList<>();
        Set<String> published = new HashSet<>();
        for (AuditRow run : runs) {
            AuditedModel found = run.model().isEmpty() ? null : byDigest.get(run.model());
            rows.add(found == null ? run : run.with(found));
            published.add(run.model());
        }
        models.stream()
                .filter(model -> model.digest().isEmpty() || !published.contains(model.digest()))
                .map(AuditRow::of)
                .forEach(rows::add);
        return rows;
    }
}
