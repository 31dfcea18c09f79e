using System.Text;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Sources;

public class KeyOrderTests
{
    [Fact]
    public void It_is_that_of_the_bytes_of_utf8()
    {
        string[] samples = ["", "a", "a.b", "a/b", "a-b", "ab", "aé", "a\uE000", "a\uFFFD", "a😀", "a😀b", "😁", "z"];
        foreach (var x in samples)
        {
            foreach (var y in samples)
            {
                var expected = Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
                Assert.Equal(Math.Sign(expected), Math.Sign(KeyOrder.Instance.Compare(x, y)));
            }
        }
    }
}
