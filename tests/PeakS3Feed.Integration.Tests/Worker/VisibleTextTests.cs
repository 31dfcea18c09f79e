using PeakS3Feed.Wording;

namespace PeakS3Feed.Integration.Worker;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain, größer, 🎈\tand tabs", "plain, größer, 🎈\tand tabs")]
    [InlineData("\e]0;title\a\e[2J", "\\u001b]0;title\\u0007\\u001b[2J")]
    [InlineData("a\r\nb", "a\\r\\nb")]
    [InlineData("\u009b1m\u202Egpj\u2028", "\\u009b1m\\u202egpj\\u2028")]
    [InlineData("\U000E0041", "\\udb40\\udc41")]
    public void What_a_terminal_would_act_on_is_spelled_out(string text, string visible) => Assert.Equal(visible, VisibleText.Escape(text));

    [Fact]
    public async Task Rows_and_names_of_a_file_cannot_write_to_the_terminal()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id,n\e[1mame\n1,x\n");
        (await store.RunAsync("preview", "orders")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        store.Put("in/b\e[2J.csv", "id,n\e[1mame\nx,\e]0;owned\a\n");
        Assert.Contains("b\\u001b[2J.csv", (await store.RunAsync("run", "orders")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("    x,\\u001b]0;owned\\u0007\n", (await store.RunAsync("runs", "orders", "--rejects")).Exits(0).Output, StringComparison.Ordinal);
    }
}
