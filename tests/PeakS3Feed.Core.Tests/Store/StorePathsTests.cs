using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public class StorePathsTests
{
    private static Func<string, string?> Environment(params (string Name, string Value)[] variables)
        => name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault();

    [Fact]
    public void A_path_puts_everything_into_one_folder_and_wins_over_the_environment()
    {
        var paths = StorePaths.Resolve("given", Environment(("PEAKS3FEED_HOME", "/other"), ("HOME", "/home/ann")));
        Assert.Equal(Path.GetFullPath("given"), paths.ConfigDirectory);
        Assert.Equal(Path.GetFullPath("given"), paths.StateDirectory);
    }

    [Fact]
    public void PEAKS3FEED_HOME_puts_everything_into_one_folder()
    {
        var home = Path.GetFullPath("/srv/peak");
        var paths = StorePaths.Resolve(null, Environment(("PEAKS3FEED_HOME", "/srv/peak"), ("HOME", "/home/ann")));
        Assert.Equal((home, home), (paths.ConfigDirectory, paths.StateDirectory));
        Assert.Equal(Path.Combine(home, "definitions.json"), paths.DefinitionsFile);
    }

    [SkippableFact]
    public void Outside_Windows_the_XDG_rules_hold()
    {
        Skip.If(OperatingSystem.IsWindows());
        var plain = StorePaths.Resolve("", Environment(("HOME", "/home/ann")));
        Assert.Equal(("/home/ann/.config/PeakS3Feed", "/home/ann/.local/state/PeakS3Feed"), (plain.ConfigDirectory, plain.StateDirectory));
        var set = StorePaths.Resolve(null, Environment(("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "/s")));
        Assert.Equal(("/c/PeakS3Feed", "/s/PeakS3Feed"), (set.ConfigDirectory, set.StateDirectory));
        var relative = StorePaths.Resolve(null, Environment(("HOME", "/home/ann"), ("XDG_CONFIG_HOME", "c")));
        Assert.Equal("/home/ann/.config/PeakS3Feed", relative.ConfigDirectory);
    }

    [Fact]
    public void Without_a_home_the_error_says_what_to_set()
    {
        var error = Assert.Throws<FeedException>(() => StorePaths.Resolve(null, _ => null));
        Assert.Equal("StorePathUnknown", error.Id);
        Assert.Contains("PEAKS3FEED_HOME", error.Hint, StringComparison.Ordinal);
    }
}
