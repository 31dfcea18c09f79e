using System.Text;
using PeakS3Feed.Rows.Cells;

namespace PeakS3Feed.Tests.Rows;

public sealed class JsonValuesTests
{
    [Theory]
    [InlineData("""{"a": ["b", 1.5e10, -0, true, null]}""", true)]
    [InlineData("""["\u0000"]""", false)]
    [InlineData("""{"\u0000": 1}""", false)]
    [InlineData("""["\\u0000", "\\\\u0000"]""", true)]
    [InlineData("""["\ud83d\ude00"]""", true)]
    [InlineData("""["\ud83d"]""", false)]
    [InlineData("""["\ud83dx"]""", false)]
    [InlineData("""["\ude00"]""", false)]
    [InlineData("""["\ud83d\ud83d\ude00"]""", false)]
    [InlineData("""{"a": 1, "b": {"a": 1}, "A": 2}""", true)]
    [InlineData("""{"a": 1, "a": 1}""", false)]
    [InlineData("""[{"b": {"a": 1, "\u0061": 2}}]""", false)]
    [InlineData("1e131071", true)]
    [InlineData("1E+131072", false)]
    [InlineData("1e-16383", true)]
    [InlineData("1.5e-16383", false)]
    [InlineData("-1e99999999999999999999", false)]
    public void What_jsonb_refuses_is_found(string json, bool fits)
        => Assert.Equal(fits, JsonValues.FindRefusal(Encoding.UTF8.GetBytes(json)) is null);
}
