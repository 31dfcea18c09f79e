# Our assemblies live in a load context of their own, so that those of other modules in the session and ours never meet. The manifest has the loader
# loaded. PowerShell compiles code for each kind of expression here, so there is one. A second import of an assembly exports nothing by itself
# (PowerShell#20710): importing what it gave back does.
Import-Module -Assembly ([PeakS3Feed.Loader.ModuleLoadContext]::ModuleAssemblies) -PassThru | Import-Module
