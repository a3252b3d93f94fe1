import { type About } from '../context';
import { type Views } from '../main';
import { activityView, listen } from './activity';
import { healthView } from './health';
import { repositoriesView } from './repositories';
import { repositoryView } from './repository';
import { statisticsView } from './statistics';

/** The page of ArtifactAPI. */
export function views(about: About): Views {
  return {
    name: 'ArtifactAPI',
    login: 'token',
    links: [
      ['#/', 'Repositories'],
      ['#/statistics', 'Statistics'],
      ['#/activity', 'Activity'],
      ['#/health', 'Health'],
    ],
    at([first, name]) {
      if (first === undefined) return repositoriesView();
      if (name !== undefined && ['remote', 'local', 'virtual'].includes(first)) return repositoryView(about, first, name);
      const view = { statistics: statisticsView, activity: activityView, health: () => healthView(about) }[first];
      return name === undefined ? view?.() : undefined;
    },
    begin: () => void listen(),
  };
}
