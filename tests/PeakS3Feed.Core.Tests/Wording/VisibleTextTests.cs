using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Wording;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain, größer, 🎈\tand tabs", "plain, größer, 🎈\tand tabs")]
    [InlineData("\e]0;title\a\e[2J", "\\u001b]0;title\\u0007\\u001b[2J")]
    [InlineData("a\r\nb", "a\\r\\nb")]
    [InlineData("\u009b1m\u202Egpj\u2028", "\\u009b1m\\u202egpj\\u2028")]
    [InlineData("\U000E0041", "\\udb40\\udc41")]
    public void What_a_terminal_would_act_on_is_spelled_out(string text, string visible) => Assert.Equal(visible, VisibleText.Escape(text));
}
