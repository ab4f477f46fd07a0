package dev.safefinetune.world.plainenglish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void isWrittenAsTheDatasetFormatHasIt() throws Exception {
        assertEquals(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}],"
                        + "\"category\":\"c\"}",
                json.writeValueAsString(Row.exchange("a", "b", "c")));
    }

    @Test
    void leavesOutACategoryThatItDoesNotHave() throws Exception {
        assertEquals(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"?\"}]}",
                json.writeValueAsString(Row.question("a")));
    }

    @Test
    void writesATicketAsItsLine() {
        Row row = new Ticket("printer", 3, "is broken", Ticket.Urgency.P1).row("new-task");

        assertEquals(
                List.of(
                        "Ticket: the printer on floor 3 is broken, fix it urgent.",
                        "[P1] floor 3 | printer | is broken"),
                row.messages().stream().map(Row.Message::content).toList());
    }
}
