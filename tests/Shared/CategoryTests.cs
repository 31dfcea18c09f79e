using System.Reflection;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Testing;

/// <summary>Who leaves a category out by its name must not miss tests because a name was misspelled.</summary>
public sealed partial class CategoryTests
{
    [Fact]
    public void Every_trait_is_a_category_that_the_head_of_tests_run_explains()
    {
        var explained = Explained().Matches(File.ReadAllText(Script())).Select(m => m.Groups["name"].Value).ToList();
        var constants = typeof(Category).GetFields().Where(f => f.Name != nameof(Category.Name)).Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(constants.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));

        var traits = Traits().ToList();
        Assert.NotEmpty(traits);
        Assert.All(traits, t => Assert.True(t.Name == Category.Name && explained.Contains(t.Value), $"{t.Test} has the trait {t.Name}={t.Value}, which tests/run does not explain."));
    }

    private static IEnumerable<(string Test, string Name, string Value)> Traits()
        => from type in typeof(CategoryTests).Assembly.GetTypes()
           from member in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Prepend<MemberInfo>(type)
           from trait in member.GetCustomAttributesData()
           where trait.AttributeType == typeof(TraitAttribute)
           select (member is Type ? type.Name : $"{type.Name}.{member.Name}", (string)trait.ConstructorArguments[0].Value!, (string)trait.ConstructorArguments[1].Value!);

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "tests", "run")))
                return Path.Combine(folder.FullName, "tests", "run");
        }
        throw new FileNotFoundException($"There is no tests/run above {AppContext.BaseDirectory}.");
    }

    // #   Slow    takes a second or more
    [GeneratedRegex("^#   (?<name>[A-Z][a-z]+) {2,}[a-z]", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Explained();
}
