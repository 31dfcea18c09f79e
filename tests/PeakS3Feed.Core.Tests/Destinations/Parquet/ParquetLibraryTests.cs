using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>A platform without the native library is a clear error, and nothing loads the library before it is needed.</summary>
public sealed partial class ParquetLibraryTests
{
    [Fact]
    public void A_missing_library_is_an_error_that_names_the_platform()
    {
        var direct = Assert.Throws<FeedException>(() => ParquetLibrary.Load(() => CallMissingLibrary()));
        var inType = Assert.Throws<FeedException>(() => ParquetLibrary.Load(() => _ = Broken.Value));

        foreach (var error in (FeedException[])[direct, inType])
        {
            Assert.Equal(("ParquetNotAvailable", FeedErrorCategory.ResourceUnavailable), (error.Id, error.Category));
            Assert.Equal(
                $"This platform ({RuntimeInformation.RuntimeIdentifier}) cannot write or read Parquet: the native library of ParquetSharp could not be loaded.",
                error.Message);
        }
    }

    [Fact]
    public void Another_failure_stays_what_it_is()
        => Assert.Throws<InvalidOperationException>(() => ParquetLibrary.Load(() => throw new InvalidOperationException("else")));

    [LibraryImport("no-such-library-of-peaks3feed")]
    private static partial void CallMissingLibrary();

    private static class Broken
    {
        public static readonly int Value = Fail();

        private static int Fail()
        {
            CallMissingLibrary();
            return 1;
        }
    }
}
